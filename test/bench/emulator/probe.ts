/** Loaded into a measured process: tells its memory when asked. */
process.on('message', () => {
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  // What the first pass frees of buffers is given back with the second.
  setTimeout(() => {
    collect?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, heap: heapUsed + external });
  }, 500);
});
// Listening must not keep the process alive.
process.channel?.unref();
