/** The package has no types of its own; only what is used here. */
declare module 'picomatch' {
  interface Options {
    /** `*` and `**` match names that begin with a dot too. */
    dot?: boolean;
    /** Take backslashes for separators; left out, the platform decides. */
    windows?: boolean;
  }
  function picomatch(glob: string, options?: Options): (text: string) => boolean;
  export = picomatch;
}
