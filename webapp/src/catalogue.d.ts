// scripts/compile.ts makes these when building.
declare module "*.ftl?arrival" {
  import type { FluentResource } from "@fluent/bundle";
  const resource: FluentResource;
  export default resource;
}
declare module "*.ftl?inside" {
  import type { FluentResource } from "@fluent/bundle";
  const resource: FluentResource;
  export default resource;
}
