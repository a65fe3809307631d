import { parseCommandLine } from './config';

describe('the command line', () => {
  it('says how fast time passes and how many cores there are', () => {
    const args = ['--time-scale', '60', '--dedicated-core-quota', '0', '--low-priority-core-quota', '8'];
    expect(parseCommandLine(args, {})).toMatchObject({
      timeScale: 60,
      quotas: { dedicatedCores: 0, lowPriorityCores: 8 },
    });
    expect(parseCommandLine([], {})).toMatchObject({ timeScale: 1, quotas: {} });
  });

  it('gives way to nothing, the environment only to it', () => {
    const environment = { EMULATOR_TIME_SCALE: '5', EMULATOR_DEDICATED_CORE_QUOTA: '7' };
    expect(parseCommandLine([], environment)).toMatchObject({ timeScale: 5, quotas: { dedicatedCores: 7 } });
    expect(parseCommandLine(['--time-scale', '2'], environment).timeScale).toBe(2);
  });

  it.each([
    ['--time-scale', '0'],
    ['--time-scale', 'fast'],
    ['--time-scale', '1e9'],
    ['--dedicated-core-quota', '-1'],
    ['--low-priority-core-quota', '1.5'],
  ])('refuses %s %s', (name, value) => {
    expect(() => parseCommandLine([`${name}=${value}`], {})).toThrow();
  });
});
