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
    expect(parseCommandLine(['--account-key', 'b3B0aW9u'], environment).accountKey).toBe('b3B0aW9u');
    expect(parseCommandLine([], environment)).not.toHaveProperty('region');
  });

  it.each([
    [['--key', 'key.pem'], /--cert and --key/],
    [['--account-key', '!'], /--account-key must be base64/],
    [['--port', '70000'], /--port must be/],
    [['--pool-quota', '-1'], /--pool-quota|ambiguous/],
    [['--bearer', 'some'], /--bearer must be/],
    [['dance'], /Unknown command/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(message);
  });
});
