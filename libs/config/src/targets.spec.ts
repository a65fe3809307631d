import { WebhookTargets } from './targets';

describe('targets of webhooks', () => {
  const targets = new WebhookTargets();

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '168.63.129.16',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '240.0.0.1',
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    'fec0::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'fe80::1%eth0',
    'x',
  ])('are never %s', (address) => {
    expect(targets.allowsAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '20.50.2.1', '2606:4700::1111', '::ffff:8.8.8.8'])('may be %s', (address) => {
    expect(targets.allowsAddress(address)).toBe(true);
  });

  it.each([
    ['nonsense', 'must be a URL'],
    ['ftp://example.com', 'https://'],
    ['http://example.com/hook', 'https://'],
    ['https://u:p@example.com/', 'user or password'],
    ['https://example.com/#x', 'fragment'],
    ['https://localhost/', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://a.localhost./', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://metadata.google.internal/', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://10.1.2.3/', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://[::ffff:10.1.2.3]/', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://0x7f.1/', 'WINDROW_WEBHOOK_ALLOW'],
    ['https://2130706433/', 'WINDROW_WEBHOOK_ALLOW'],
  ])('are no %s', (url, why) => {
    expect(targets.complaint(url)).toContain(why);
    expect(targets.complaint('https://example.com:8443/hook?x=1')).toBeUndefined();
  });

  it('are wider where an operator says so', () => {
    const wide = new WebhookTargets('hooks.internal, 10.1.0.0/16, 127.0.0.1');
    expect(wide.complaint('http://hooks.internal/x')).toBeUndefined();
    expect(wide.complaint('http://10.1.2.3/x')).toBeUndefined();
    expect(wide.complaint('http://127.0.0.1:9/x')).toBeUndefined();
    expect(wide.complaint('https://10.2.2.3/x')).toContain('WINDROW_WEBHOOK_ALLOW');
    expect(wide.complaint('http://example.com')).toContain('https://');
    expect(wide.allowsAddress('::ffff:10.1.9.9')).toBe(true);
    expect(() => new WebhookTargets('10.1.0.0/99')).toThrow('10.1.0.0/99');
  });
});
