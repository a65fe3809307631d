export type Environment = Record<string, string | undefined>;

/** Thrown when the environment does not make a configuration; the message names every variable at fault. */
export class ConfigError extends Error {}

/**
 * Makes a configuration of an environment. What is wrong with it is told to the reader and all reported at once.
 * @throws ConfigError
 */
export function configOf<T>(env: Environment, build: (read: Reader) => T): T {
  const faults: string[] = [];
  const config = build(new Reader(env, faults));
  if (faults.length > 0) throw new ConfigError(`The environment is not valid:\n- ${faults.join('\n- ')}`);
  return config;
}

/** Reads variables, and collects what is wrong with them. Values that are at fault are replaced by whatever fits. */
export class Reader {
  constructor(
    private readonly env: Environment,
    private readonly faults: string[],
  ) {}

  fault(name: string, what: string): void {
    this.faults.push(`${name} ${what}.`);
  }

  /** The fault that `read` throws, if it does. */
  attempt<T>(name: string, otherwise: T, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fault(name, `cannot be used: ${reason.replace(/\.$/, '')}`);
      return otherwise;
    }
  }

  /** Empty counts as absent, as in a shell's `NAME= command`. */
  text(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  required(name: string, hint = ''): string {
    const text = this.text(name);
    if (text === undefined) this.fault(name, `is missing${hint}`);
    return text ?? '';
  }

  /** All variables that are not empty. */
  defined(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  }

  choice(name: string, values: string[], otherwise: string): string {
    const value = this.text(name) ?? otherwise;
    if (!values.includes(value)) this.fault(name, `must be one of ${values.join(', ')}`);
    return value;
  }

  integer(name: string, otherwise: number, min = 1): number {
    const text = this.text(name) ?? String(otherwise);
    if (!/^\d+$/.test(text) || Number(text) < min) {
      this.fault(name, `must be a whole number of at least ${min}, not '${text}'`);
    }
    return Number(text);
  }

  port(name: string, otherwise: number): number {
    const text = this.text(name) ?? String(otherwise);
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > 65_535) this.fault(name, 'must be a port, 0 to 65535 (0: any free one)');
    return port;
  }

  /** Without a slash at its end. */
  url(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
      this.fault(name, 'must be an http or https URL');
    }
    return text.replace(/\/+$/, '');
  }
}
