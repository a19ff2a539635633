/** Holds the state that the views show, and tells each change. */
import type { AppState } from '../state.ts';

/** Changed members; undefined removes one. */
export type Change = { readonly [Name in keyof AppState]?: AppState[Name] | undefined };

export interface Model {
  readonly state: AppState;
  change(members: Change): void;
}

export const createModel = (first: AppState, onChange: (state: AppState) => void): Model => {
  let state = first;
  return {
    get state() {
      return state;
    },
    change(members) {
      const merged = { ...state, ...members };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- required members are never undefined in a change
      state = Object.fromEntries(
        Object.entries(merged).filter(([, value]) => value !== undefined),
      ) as unknown as AppState;
      onChange(state);
    },
  };
};
