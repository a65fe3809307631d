/** Puts an example's program and data into Blob, as a customer would before the first job. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { ROOT } from './paths';

const EXAMPLES = path.join(ROOT, 'examples');
const DATA: Record<string, { blob: string; file: () => string }> = {
  flights: {
    blob: 'flights-3m.parquet',
    // A dev dependency of the examples; npm's workspaces put it at the root.
    file: () => path.join(ROOT, 'node_modules', 'vega-datasets', 'data', 'flights-3m.parquet'),
  },
};

export async function uploadExample(
  connectionString: string,
  example: string,
): Promise<{ files: number; bytes: number }> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  let files = 0;
  let bytes = 0;
  const upload = async (container: string, blob: string, file: string) => {
    const client = service.getContainerClient(container);
    await client.createIfNotExists();
    const target = client.getBlockBlobClient(blob);
    // The data set is uploaded once; a stack that is started again finds it.
    if (container === 'datasets' && (await target.exists())) return;
    await target.uploadFile(file);
    files += 1;
    bytes += (await target.getProperties()).contentLength ?? 0;
  };
  const program = path.join(EXAMPLES, example, 'program');
  for (const name of await readdir(program)) await upload('programs', `${example}/${name}`, path.join(program, name));
  const data = DATA[example];
  if (data) await upload('datasets', data.blob, data.file());
  return { files, bytes };
}
