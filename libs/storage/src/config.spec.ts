import { storageConfigFromConnectionString } from './config';

describe('storageConfigFromConnectionString', () => {
  it('builds the endpoints of a public account', () => {
    const text = 'DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5==;EndpointSuffix=core.windows.net';
    expect(storageConfigFromConnectionString(text)).toEqual({
      blobEndpoint: 'https://acc.blob.core.windows.net',
      tableEndpoint: 'https://acc.table.core.windows.net',
      auth: { kind: 'sharedKey', accountName: 'acc', accountKey: 'a2V5==' },
    });
  });

  it('takes endpoints that are given, and other clouds', () => {
    const given =
      'AccountName=dev;AccountKey=a2V5;BlobEndpoint=http://localhost:1/dev/;TableEndpoint=http://localhost:2/dev';
    expect(storageConfigFromConnectionString(given)).toMatchObject({
      blobEndpoint: 'http://localhost:1/dev',
      tableEndpoint: 'http://localhost:2/dev',
    });
    const china = 'AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.chinacloudapi.cn';
    expect(storageConfigFromConnectionString(china).blobEndpoint).toBe('https://acc.blob.core.chinacloudapi.cn');
  });

  it('knows the emulator by its short form', () => {
    expect(storageConfigFromConnectionString('UseDevelopmentStorage=true').tableEndpoint).toBe(
      'http://127.0.0.1:10002/devstoreaccount1',
    );
  });

  it('says what is missing and nothing of what is there', () => {
    const incomplete = () => storageConfigFromConnectionString('AccountName=acc;SharedAccessSignature=sig=SECRET');
    expect(incomplete).toThrow('AccountKey');
    expect(incomplete).not.toThrow('SECRET');
  });
});
