import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { ContainerSASPermissions, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { uniqueId } from './target';

const ACCOUNT = 'devstoreaccount1';
/** Azurite's published development key. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Azurite as a child process on a free port, keeping nothing. */
export class Azurite {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<Azurite> {
    const program = path.join(path.dirname(require.resolve('azurite/package.json')), 'dist/src/blob/main.js');
    const args = ['--blobPort', '0', '--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck'];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    process.once('exit', () => child.kill('SIGKILL'));
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const match = /listens on (http:\/\/\S+)/.exec(output);
        if (match?.[1]) resolve(match[1]);
      });
      child.once('exit', () => reject(new Error(`Azurite ended: ${output}`)));
    });
    return new Azurite(child, url);
  }

  /** A new container and a URL with a SAS that allows those permissions. */
  async container(permissions = 'racwdl'): Promise<{ client: ContainerClient; sasUrl: string; missingUrl: string }> {
    const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
    const named = (name: string): ContainerClient => new ContainerClient(`${this.url}/${ACCOUNT}/${name}`, credential);
    const client = named(uniqueId('container').toLowerCase());
    await client.create();
    const options = {
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + 3_600_000),
    };
    const sasUrl = await client.generateSasUrl(options);
    return { client, sasUrl, missingUrl: await named('nosuchcontainer').generateSasUrl(options) };
  }

  get connectionString(): string {
    return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${this.url}/${ACCOUNT};`;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** The URL of a blob below a container URL with a SAS. */
export function blobUrl(sasUrl: string, name: string): string {
  const [base, query] = sasUrl.split('?');
  return `${base}/${name.split('/').map(encodeURIComponent).join('/')}?${query}`;
}
