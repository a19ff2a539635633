/**
 * Defines what an option of a client is, and makes the three kinds of rows of `options.ts`:
 *
 * | row     | `clients add`      | `clients set`                                 |
 * | ------- | ------------------ | --------------------------------------------- |
 * | preset  | `--name`           | `--name`, `--no-name` for the default         |
 * | value   | `--name <text>`    | `--name <text>`, `--no-name` for the default  |
 * | list    | `--name <uri...>`  | `--add-name <uri...>`, `--remove-name <uri...>` |
 */
import type { ClientChange, ListMember, Member } from '../../src/oidc/clients/change.ts';

/** One option of a client. */
export interface ClientOption {
  /** As typed, without the leading dashes. */
  readonly name: string;
  readonly help: string;
  /** Name of the argument; absent for an option without one. */
  readonly argument?: string;
  readonly choices?: readonly string[];
  /** Only at `add`: a client keeps its type for life. Only at `set`: `add` has it as an argument. */
  readonly only?: 'add' | 'set';
  /** Of a list: what a removal does, where more follows than that the text is no longer registered. */
  readonly removalHelp?: string;
  /** Of a list: the member that it adds to and removes from. */
  readonly list?: ListMember;
  /** What the option changes. `value` is empty where it takes no argument. */
  readonly change: (value: string) => ClientChange;
  /** Members that `--no-name` resets to their defaults. */
  readonly members: readonly Member[];
}

type Extra = Pick<ClientOption, 'only'>;
type Preset = NonNullable<ClientChange['set']>;

/** An option that sets these members. */
export const preset = (name: string, set: Preset, help: string, extra: Extra = {}): ClientOption => ({
  name,
  help,
  change: () => ({ set }),
  members: memberNames(set),
  ...extra,
});

/** An option that sets a member to the text after it, or to what `read` makes of it. */
export const value = (
  name: string,
  {
    member,
    argument,
    choices,
    read = text => text,
    ...extra
  }: Extra & {
    readonly member: Member;
    readonly argument: string;
    readonly choices?: readonly string[];
    readonly read?: (text: string) => unknown;
  },
  help: string,
): ClientOption => ({
  name,
  help,
  argument,
  ...(choices !== undefined && { choices }),
  change: text => ({ set: { [member]: read(text) } }),
  members: [member],
  ...extra,
});

/** An option for a member with several texts. */
export const list = (
  name: string,
  {
    member,
    argument,
    ...extra
  }: { readonly member: ListMember; readonly argument: string; readonly removalHelp?: string },
  help: string,
): ClientOption => ({
  name,
  help,
  argument,
  list: member,
  change: text => ({ add: { [member]: [text] } }),
  members: [],
  ...extra,
});

const memberNames = (set: Preset): readonly Member[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of `set` has no other keys
  Object.keys(set) as Member[];
