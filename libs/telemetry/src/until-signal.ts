/** Resolves with the first of the signals; a second one then has its default effect. */
export async function untilSignal(...signals: NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const handle = (signal: NodeJS.Signals): void => {
      for (const other of signals) process.off(other, handle);
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, handle);
  });
}
