/** Resolves after a while; keeps no process alive. */
export function waitInMs(forInMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, forInMs).unref();
  });
}
