import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "../icons.tsx";
import { go, type Place } from "../router.ts";

interface DoorProps {
  to: Place;
  icon: IconName;
  text: string;
  children?: ComponentChildren;
}

/** A button that leads to another screen. */
export function Door({ to, icon, text, children }: DoorProps): JSX.Element {
  return (
    <button
      data-testid={`open-${to.name}`}
      onClick={() => {
        go(to);
      }}
    >
      <Icon name={icon} />
      <span class="grow">{text}</span>
      {children}
    </button>
  );
}
