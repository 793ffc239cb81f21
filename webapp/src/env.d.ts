// What scripts/voices.ts makes when building.
interface ImportMetaEnv {
  /** Whether the build holds what is said aloud where languages are chosen. */
  readonly VOICES: boolean;
}
declare module "virtual:voices" {
  const files: Partial<Record<string, string>>;
  export default files;
}
