/** The scanner of QR codes. Its code is loaded here, on demand; typing always works. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Note, Screen } from './frame.tsx';
import type { View } from './view.ts';

export const Scan = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const video = useRef<HTMLVideoElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const said = words.scan;
  const problem = state.scanProblem;
  const hasCamera = problem !== 'no-camera' && problem !== 'refused';

  useEffect(() => {
    const shown = video.current;
    if (shown === null) return undefined;
    const stop = new AbortController();
    const scan = async (): Promise<void> => {
      const { scanInto } = await import('../scanner.ts');
      const failure = await scanInto(shown, {
        signal: stop.signal,
        onOpen: () => setIsOpen(true),
        onText: actions.scanned,
      });
      if (failure !== undefined && !stop.signal.aborted) actions.scanFailed(failure);
    };
    // The script of the scanner may be out of reach, too: then typing is left.
    scan().catch(() => {
      if (!stop.signal.aborted) actions.scanFailed('no-camera');
    });
    return () => stop.abort();
  }, []);

  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={hasCamera ? said.sentence : undefined}
      actions={<Button onClick={() => actions.go({ at: 'add' })}>{said.type}</Button>}
    >
      {problem !== undefined && (
        <Note kind="danger" icon="alert" isAlert>
          {said.problems[problem]}
        </Note>
      )}
      {hasCamera && (
        <div class="camera">
          <video ref={video} playsInline muted aria-hidden="true" />
          {!isOpen && <p role="status">{said.starting}</p>}
        </div>
      )}
    </Screen>
  );
};
