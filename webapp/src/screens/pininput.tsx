import type { JSX } from "preact";
import { asciiDigits } from "../digits.ts";

interface PinInputProps {
  label: string;
  value: string;
  testid: string;
  onInput: (pin: string) => void;
}

/** Digits in any script are read as the same PIN. */
export function PinInput({ label, value, testid, onInput }: PinInputProps): JSX.Element {
  return (
    <label class="field">
      {label}
      <input
        class="pin"
        type="password"
        inputMode="numeric"
        autocomplete="off"
        dir="ltr"
        maxLength={64}
        value={value}
        data-testid={testid}
        onInput={(event) => {
          onInput(asciiDigits(event.currentTarget.value));
        }}
      />
    </label>
  );
}

/** Resolves when what was rendered has reached the glass: Argon2id holds the page's only thread. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      setTimeout(resolve, 0);
    });
  });
}
