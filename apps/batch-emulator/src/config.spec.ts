import { parseCommandLine } from './config';
import { WELL_KNOWN_KEY } from './constants';

describe('the command line', () => {
  it('has defaults, and hides none of them behind what was not given', () => {
    const options = parseCommandLine([], {});
    expect(options).toMatchObject({ command: 'serve', host: '127.0.0.1', accountKey: WELL_KNOWN_KEY, bearer: false });
    expect(options).not.toHaveProperty('location');
    expect(options.quotas).toEqual({});
  });

  it('wins over the variables, which win over the defaults', () => {
    const environment = { EMULATOR_ACCOUNT_KEY: 'dmFyaWFibGU=', EMULATOR_POOL_QUOTA: '5', EMULATOR_REGION: '' };
    expect(parseCommandLine([], environment)).toMatchObject({ accountKey: 'dmFyaWFibGU=', quotas: { pools: 5 } });
    expect(parseCommandLine(['--account-key', 'dGhlb3B0aW9u'], environment).accountKey).toBe('dGhlb3B0aW9u');
    expect(parseCommandLine([], environment)).not.toHaveProperty('region');
  });

  it('says how fast time passes and how many cores there are', () => {
    const args = ['--time-scale', '60', '--dedicated-core-quota', '0', '--low-priority-core-quota', '8'];
    expect(parseCommandLine(args, {})).toMatchObject({
      timeScale: 60,
      quotas: { dedicatedCores: 0, lowPriorityCores: 8 },
    });
    expect(parseCommandLine([], { EMULATOR_TIME_SCALE: '5' }).timeScale).toBe(5);
  });

  it('has an admin port and a scenario only where they are given', () => {
    expect(parseCommandLine([], {})).not.toHaveProperty('adminPort');
    const args = ['--admin-port', '0', '--scenario', 'day.json'];
    expect(parseCommandLine(args, {})).toMatchObject({ adminPort: 0, scenario: 'day.json', admin: false });
  });

  it.each([
    [['--key', 'key.pem'], /--cert and --key/],
    [['--account-key', '!'], /--account-key must be base64/],
    [['--account-key', 'c2hvcnQ='], /--account-key must be base64 of at least 8 bytes/],
    [['--account-key', 'not base64 at all'], /--account-key must be base64/],
    [['--account-key', 'dmFyaWFibGU'], /--account-key must be base64/],
    [['--account', 'Dev'], /--account must be 3 to 24/],
    [['--account', 'ab'], /--account must be 3 to 24/],
    [['--account', 'dev/../x'], /--account must be 3 to 24/],
    [['--port', '70000'], /--port must be/],
    [['--pool-quota', '-1'], /--pool-quota|ambiguous/],
    [['--time-scale', '0'], /--time-scale must be/],
    [['--time-scale', 'fast'], /--time-scale must be/],
    [['--dedicated-core-quota', '1.5'], /--dedicated-core-quota must be/],
    [['--bearer', 'some'], /--bearer must be/],
    [['dance'], /Unknown command 'dance'/],
    [['env', 'dance'], /'dance' is neither an option nor a command/],
    [['--prot', '1'], /^Unknown option '--prot'\.?$/],
    [['--port'], /--port.*argument missing/],
    [['--admin=yes'], /--admin/],
    [['--cert', '/nosuchfile', '--key', '/nosuchfile'], /--cert cannot be read: ENOENT.*nosuchfile/],
    [['--admin-port', 'x'], /--admin-port must be/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(message);
  });
});
