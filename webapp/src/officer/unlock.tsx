import type { JSX } from "preact";
import { LanguageTool, Screen } from "../parts.tsx";
import { PinForm } from "../screens/pinform.tsx";
import { t } from "../strings.ts";
import { unlock } from "./device.ts";
import { EraseButton } from "./parts.tsx";

export function UnlockScreen(): JSX.Element {
  return (
    <Screen id="unlock" title={t("unlock-title")} tools={<LanguageTool />}>
      <p>{t("device-locked")}</p>
      <PinForm unlock={unlock} />
      <EraseButton />
    </Screen>
  );
}
