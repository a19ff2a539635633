/** Reads QR codes with the camera. The decoder is pure JavaScript, because Safari and many others have no BarcodeDetector. */
import { decodeQR } from 'qr/decode.js';
import type { Millis } from '../../../src/ports/time.ts';

interface Scanning {
  /** Ends the scan and frees the camera. */
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  /** Called with each new text. The same text is not told again within 2 s. */
  readonly onText: (text: string) => void;
}

/** Between two pictures: often enough for a hand that moves, rare enough for the battery. */
const interval: Millis = 120;
const repeatAfter: Millis = 2_000;
/** Pixels of the longer side. A phone needs no more to read a QR code that fills a third of the picture. */
const longestSide = 800;

const pause = (wait: Millis, signal: AbortSignal): Promise<void> =>
  new Promise(over => {
    const timer = setTimeout(over, wait);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      over();
    });
  });

/** The text of a QR code in the present picture; undefined where there is none. */
const textIn = (video: HTMLVideoElement, canvas: CanvasRenderingContext2D): string | undefined => {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return undefined;
  const scale = Math.min(1, longestSide / Math.max(videoWidth, videoHeight));
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
  canvas.canvas.width = width;
  canvas.canvas.height = height;
  canvas.drawImage(video, 0, 0, width, height);
  try {
    return decodeQR(canvas.getImageData(0, 0, width, height));
  } catch {
    // The decoder throws where it finds no QR code, which is the usual case.
    return undefined;
  }
};

/** Shows the camera in `video` and reads QR codes until the signal. Gives why the camera could not be opened. */
export const scanInto = async (
  video: HTMLVideoElement,
  { signal, onOpen, onText }: Scanning,
): Promise<'no-camera' | 'refused' | undefined> => {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'no-camera';
  }
  try {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (canvas === null) return 'no-camera';
    video.srcObject = stream;
    if (signal.aborted) return undefined;
    await video.play();
    onOpen();
    let last: { readonly text: string; readonly at: number } | undefined;
    while (!signal.aborted) {
      const text = textIn(video, canvas);
      if (text !== undefined && (text !== last?.text || performance.now() - last.at > repeatAfter)) {
        last = { text, at: performance.now() };
        onText(text);
      }
      await pause(interval, signal);
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
};
