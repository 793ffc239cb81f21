/** What our office asked to pass on, and to whom. */
import type { Ask as Asked } from "./protocol/casefile.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { consent } from "./acts.ts";
import { sharing, stands } from "./permissions.ts";
import { plain } from "./plain.ts";
import { commit, get, type About, type Ask, type Other } from "./state.ts";
import { t } from "./strings.ts";

export function askOf({ recipient, name, fields }: Asked): Ask {
  return { office: toBase64Url(recipient), name: plain(name), groups: [...fields] };
}

/** With one more ask: the office by its newest name, and open what does not stand already. */
export function asked(about: About, { office, name, groups }: Ask): About {
  const known = otherOf(about, office);
  const all = (before: string[] = []): string[] => [...new Set([...before, ...groups])].sort();
  const open = all(known?.open).filter((group) => !stands(sharing(office, group)));
  const other = { office, name, groups: all(known?.groups), open };
  return { ...about, others: [...about.others.filter((each) => each !== known), other] };
}

export function otherOf({ others }: About, office: string): Other | undefined {
  return others.find((other) => other.office === office);
}

/** Permits what was chosen of the groups that are open; nothing is open after it, whatever was chosen. */
export async function decide({ office, open }: Other, chosen: ReadonlySet<string>): Promise<void> {
  for (const group of open) if (chosen.has(group)) await consent(sharing(office, group), true);
  const about = get("about");
  const others = about.others.map((other) => (other.office === office ? { ...other, open: [] } : other));
  await commit({ about: { ...about, others } });
}

/** A group of the case file in words; one that this app does not know by its code. */
export function groupName(group: string): string {
  const id = `group-${group}`;
  const words = t(id);
  return words === id ? t("group-unknown", { group }) : words;
}
