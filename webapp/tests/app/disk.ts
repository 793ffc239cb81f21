/** IndexedDB as a map, for tests in node: structured clones in, structured clones out. */
export const values = new Map<string, unknown>();

const transaction = {
  put: (value: unknown, key: string): unknown => values.set(key, structuredClone(value)),
  delete: (key: string): boolean => values.delete(key),
};

export const fake = {
  createStore: () => (_mode: string, act: (store: typeof transaction) => unknown) => Promise.resolve(act(transaction)),
  get: (key: string): Promise<unknown> => Promise.resolve(structuredClone(values.get(key))),
  keys: (): Promise<string[]> => Promise.resolve([...values.keys()]),
  promisifyRequest: (): Promise<void> => Promise.resolve(),
};

/** What is kept under keys that begin so, byte for byte. */
export function kept(start: string): Record<string, unknown> {
  return structuredClone(Object.fromEntries([...values].filter(([key]) => key.startsWith(start))));
}
