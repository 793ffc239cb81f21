/** No Telegram client is around this page. */
import type * as online from "../bridge.ts";

export const post: typeof online.post = () => false;
export const speaks: typeof online.speaks = () => false;
export const on: typeof online.on = () => () => false;
export const backButton: typeof online.backButton = () => undefined;

export const close: typeof online.close = () => {
  window.close();
};

/** Light or dark as the phone has it. */
export const followTheme: typeof online.followTheme = () => {
  const preference = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    document.documentElement.dataset["theme"] = preference.matches ? "dark" : "light";
  };
  preference.addEventListener("change", apply);
  apply();
};
