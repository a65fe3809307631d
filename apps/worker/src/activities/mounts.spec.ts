import type { FileServer, MountSpec } from '@windrow/contract';
import { mountConfigurations } from './mounts';

const SECRET = 'https://team.vault.azure.net/secrets/key';

/** What a pool with one mount of this file server is sent. */
async function mounted(server: Partial<FileServer> | undefined, { secret = 'a2V5', more = {}, ephemeral = true } = {}) {
  const links: [string, object, number][] = [];
  const mounts: MountSpec[] = [{ fileServer: 'data', path: 'a/b', ...more }];
  const configurations = await mountConfigurations({ workspace: 'w', ephemeral }, { mounts }, {
    resources: { get: async () => server && { name: 'data', etag: '', value: server } },
    links: {
      account: 'ours',
      containerUrl: async (...asked: [string, object, number]) => {
        links.push(asked);
        return 'https://ours.blob.core.windows.net/models?sv=1&sig=x';
      },
    },
    secrets: { readOne: async (_path: string, url: string) => (url === SECRET ? secret : '') },
  } as never);
  return { configuration: configurations?.[0], links };
}

describe('what a pool mounts', () => {
  it('of our own account is one container by a SAS of its own, never by the account key', async () => {
    const { configuration, links } = await mounted({ blobContainer: { container: 'models' }, mountOptions: '-o ro' });
    expect(configuration).toEqual({
      azureBlobFileSystemConfiguration: {
        ...{ accountName: 'ours', containerName: 'models', sasKey: 'sv=1&sig=x' },
        ...{ blobfuseOptions: '-o ro', relativeMountPath: 'a/b' },
      },
    });
    expect(links).toEqual([['models', expect.objectContaining({ write: true, delete: true }), 8 * 86_400_000]]);
    const named = await mounted({ blobContainer: { container: 'models' } }, { ephemeral: false });
    expect(named.links[0]![2]).toBeGreaterThan(100 * 86_400_000);
  });

  it.each([
    ['a2V5', { accountKey: 'a2V5' }],
    ['?sv=1&sig=y', { sasKey: 'sv=1&sig=y' }],
  ])('of another account is reached by what its vault holds: %s', async (secret, access) => {
    const blobContainer = { container: 'c', accountName: 'other', keyVaultSecret: SECRET };
    expect((await mounted({ blobContainer }, { secret })).configuration).toEqual({
      azureBlobFileSystemConfiguration: {
        accountName: 'other',
        containerName: 'c',
        ...access,
        relativeMountPath: 'a/b',
      },
    });
  });

  it('may be a share or an export; options of the mount win', async () => {
    const azureFileUrl = 'https://acct.file.core.windows.net/models';
    const azureFiles = { shareUrl: azureFileUrl, keyVaultSecret: SECRET };
    expect((await mounted({ azureFiles })).configuration).toEqual({
      azureFileShareConfiguration: {
        accountName: 'acct',
        accountKey: 'a2V5',
        azureFileUrl,
        relativeMountPath: 'a/b',
      },
    });
    const exported = await mounted({ nfs: { source: 'h:/x' }, mountOptions: 'x' }, { more: { options: 'y' } });
    expect(exported.configuration).toEqual({
      nfsMountConfiguration: { source: 'h:/x', relativeMountPath: 'a/b', mountOptions: 'y' },
    });
  });

  it('is named when it is no longer there', async () => {
    await expect(mounted(undefined)).rejects.toMatchObject({
      code: 'FileServerNotFound',
      path: '$.pool.mounts[0].fileServer',
      message: expect.stringContaining("'data'"),
    });
  });
});
