// scripts/compile.ts makes these when building.
declare module "*.ftl?arrival" {
  import type { Catalogue } from "./pattern.ts";
  const catalogue: Catalogue;
  export default catalogue;
}
declare module "*.ftl?inside" {
  import type { Catalogue } from "./pattern.ts";
  const catalogue: Catalogue;
  export default catalogue;
}
declare module "*.ftl?about" {
  import type { Catalogue } from "./pattern.ts";
  const catalogue: Catalogue;
  export default catalogue;
}

declare module "*.ftl?referral" {
  import type { Catalogue } from "./pattern.ts";
  const catalogue: Catalogue;
  export default catalogue;
}
