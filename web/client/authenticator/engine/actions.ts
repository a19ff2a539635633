/** Does what the views ask for. Each action begins work and returns; the state tells how it went. */
import type { Actions } from '../state.ts';
import type { Answers } from './answers.ts';
import type { CodesActions } from './codes-actions.ts';
import type { Context } from './context.ts';
import type { Inbox } from './inbox.ts';
import type { Notifications } from './notifications.ts';
import type { Pairings } from './pairing.ts';
import { readScanned } from './scanned.ts';

export interface ActionDeps {
  readonly context: Context;
  readonly answers: Answers;
  readonly codes: CodesActions;
  readonly inbox: Inbox;
  readonly notifications: Notifications;
  readonly pairings: Pairings;
}

export const createActions = ({ context, answers, codes, inbox, notifications, pairings }: ActionDeps): Actions => {
  const {
    deps: { api, store, navigation, origin, install, onFailure },
    model,
    accounts,
  } = context;

  const run = (work: Promise<unknown>): void => {
    work.catch(onFailure);
  };
  const remove = async (id: string): Promise<void> => {
    const entry = accounts.find(id);
    if (entry === undefined) return;
    model.change({ removing: true });
    // The server may be out of reach: the person can remove the device on the security page, too.
    if (entry.kind === 'account' && entry.state !== 'removed') await api.leave(entry.key);
    await accounts.remove(id);
    const { requests, code } = model.state;
    model.change({
      requests: requests.filter(each => each.entry !== id),
      ...(code?.entry === id && { code: undefined }),
      removing: undefined,
      toast: 'removed',
    });
    navigation.go({ at: 'home' });
  };

  return {
    go(screen) {
      model.change({
        scanProblem: undefined,
        codesProblem: undefined,
        ...(screen.at === 'codes' && { newCodes: undefined }),
      });
      navigation.go(screen);
    },
    back: () => navigation.back(),
    setLanguage(language) {
      model.change({ language });
      run(store.putSetting('language', language).then(() => notifications.care()));
    },
    showCode: id => run(codes.show(id)),
    hideCode: () => codes.hide(),
    copyCode: () => run(codes.copy()),
    approve: (id, number, pin) =>
      run(
        answers.answer(id, {
          decision: 'approve',
          ...(number !== '' && { number }),
          ...(pin !== undefined && { pin }),
        }),
      ),
    decline: id => run(answers.answer(id, { decision: 'decline' })),
    report: id => run(answers.answer(id, { decision: 'report' })),
    scanned(text) {
      const scanned = readScanned(text, origin);
      if (scanned.kind === 'pairing') return pairings.begin(scanned.secret);
      if (scanned.kind !== 'codes') return model.change({ scanProblem: scanned.kind });
      if (codes.read(text)) return navigation.go({ at: 'codes' }, { replace: true });
      model.change({ scanProblem: 'unsupported-codes' });
    },
    scanFailed: scanProblem => model.change({ scanProblem }),
    pair: device => run(pairings.pair(device)),
    cancelPairing: () => run(pairings.cancel()),
    keepCodes: wanted => run(codes.keep(wanted)),
    allowNotifications: () => run(notifications.allow().then(() => pairings.goOn())),
    skipNotifications: () => run(pairings.goOn()),
    sendTest: () => run(notifications.test()),
    install: () => run(install()),
    refresh: () => run(inbox.fetchAll()),
    rename(id, { title, account }) {
      const entry = accounts.find(id);
      if (entry !== undefined) run(accounts.put({ ...entry, title, account }));
    },
    remove: id => run(remove(id)),
  };
};
