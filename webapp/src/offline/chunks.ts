/** Everything is in the one file. */
import { signal } from "@preact/signals";
import type * as online from "../chunks.ts";
import { About, Answering } from "./about.tsx";
import * as Attach from "./attach.tsx";
import { unlock } from "./keys.ts";

export const about = signal({ About, Answering });

export const loadAbout: typeof online.loadAbout = () => Promise.resolve();

export const attach = signal(Attach);

export const loadAttach = (): Promise<typeof Attach> => Promise.resolve(Attach);

export const loadCore = (): Promise<{ unlock: typeof unlock }> => Promise.resolve({ unlock });
