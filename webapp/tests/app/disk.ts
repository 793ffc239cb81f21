/** IndexedDB as a map, for tests in node: structured clones in, structured clones out. */
export const values = new Map<string, unknown>();

export const fake = {
  createStore: (): null => null,
  get: (key: string): Promise<unknown> => Promise.resolve(structuredClone(values.get(key))),
  set: (key: string, value: unknown): Promise<void> => fake.setMany([[key, value]]),
  setMany: (entries: [string, unknown][]): Promise<void> => {
    for (const [key, value] of entries) values.set(key, structuredClone(value));
    return Promise.resolve();
  },
  del: (key: string): Promise<void> => {
    values.delete(key);
    return Promise.resolve();
  },
  clear: (): Promise<void> => {
    values.clear();
    return Promise.resolve();
  },
};
