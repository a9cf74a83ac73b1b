/** The same methods, answered by another process: every one of them a promise. */
export type Remote<Control> = {
  [Name in keyof Control]: Control[Name] extends (...parameters: infer Parameters) => infer Value
    ? (...parameters: Parameters) => Promise<Awaited<Value>>
    : never;
};

/**
 * Steers a simulator that runs in another process, by its `controlUrl`.
 * Throws  Error with the simulator's message when it refuses or does not answer.
 */
export function steer<Control>(controlUrl: string): Remote<Control> {
  const call = async (method: string, parameters: unknown[]): Promise<unknown> => {
    const reply = await fetch(`${controlUrl}/_simulator/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`The simulator refused ${method}: ${text}`);
    const answer: unknown = JSON.parse(text);
    return answer === null || typeof answer !== 'object' || !('value' in answer)
      ? undefined
      : answer.value;
  };
  return new Proxy({} as Remote<Control>, {
    get: (_target, method) =>
      typeof method === 'string' && method !== 'then'
        ? (...parameters: unknown[]) => call(method, parameters)
        : undefined,
  });
}
