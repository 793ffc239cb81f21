import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { consent } from "../acts.ts";
import { day } from "../dates.ts";
import { lang, Say, Switch } from "../parts.tsx";
import { endOf, stands, wantsRenewal } from "../permissions.ts";
import { get, type Permission } from "../state.ts";
import { t } from "../strings.ts";

interface PermitProps {
  permission: Permission;
  /** By which tests find it. */
  name: string;
  title: string;
  text: string;
  reader: string;
  /** What withdrawing does. */
  warning: string;
}

/** A permission as a switch: given in one tap, renewed in one when its year ends, withdrawn in two. */
export function Permit({ permission, name, title, text, reader, warning }: PermitProps): JSX.Element {
  const withdrawing = useSignal(false);
  const done = (): void => {
    withdrawing.value = false;
  };
  return (
    <>
      <Switch
        on={stands(permission)}
        title={title}
        text={text}
        reader={reader}
        testid={`consent-${name}`}
        onChange={(on) => {
          if (on) void consent(permission, true);
          else withdrawing.value = true;
        }}
      />
      {wantsRenewal(permission) && <Renewal permission={permission} name={name} />}
      <History permission={permission} />
      {withdrawing.value && <Withdraw permission={permission} title={title} warning={warning} done={done} />}
    </>
  );
}

/** When it was given and taken back, as far as the relay knows of it and this phone remembers. */
function History({ permission }: { permission: Permission }): JSX.Element {
  return (
    <>
      {get("settings")
        .said?.filter((said) => said.permission === permission)
        .map(({ given, at }) => (
          <p class="soft small" data-testid="said">
            {t(given ? "permit-given" : "permit-withdrawn", { ...day(at, lang()) })}
          </p>
        ))}
    </>
  );
}

/** A year is over, or nearly: asked anew, in one tap. */
function Renewal({ permission, name }: { permission: Permission; name: string }): JSX.Element {
  const { solar, gregorian } = day(endOf(permission), lang());
  return (
    <Say tone="warn" icon="calendar" testid={`ends-${name}`}>
      {t(stands(permission) ? "settings-ends" : "settings-ended", { solar, gregorian })}
      <button
        class="main"
        data-testid={`renew-${name}`}
        onClick={() => {
          void consent(permission, true);
        }}
      >
        {t("settings-renew")}
      </button>
    </Say>
  );
}

function Withdraw({ permission, title, warning, done }: {
  permission: Permission;
  title: string;
  warning: string;
  done: () => void;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div class="stack" role="alert" ref={place}>
      <Say tone="warn" icon="stop" title={t("settings-withdraw", { purpose: title })}>
        {warning}
      </Say>
      <button
        class="danger"
        data-testid="withdraw-yes"
        onClick={() => {
          void consent(permission, false).then(done);
        }}
      >
        {t("settings-withdraw-yes")}
      </button>
      <button class="quiet" data-testid="withdraw-not" onClick={done}>
        {t("cancel")}
      </button>
    </div>
  );
}
