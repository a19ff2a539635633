/** Makes a video of a QR code, which Chromium plays as its camera (`launchBrowser({ camera })`). */
import { create } from 'qrcode';

const [width, height] = [640, 480];
const scale = 8;
const [black, white, colourless] = [16, 235, 128];

/** One frame in YUV4MPEG2, 4:2:0, with the QR code in its middle on white. */
export const qrVideo = (text: string): Buffer => {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size * scale;
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const luma = Buffer.alloc(width * height, white);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      if (modules.get(Math.floor(y / scale), Math.floor(x / scale)) !== 0) luma[(top + y) * width + left + x] = black;
  const chroma = Buffer.alloc((width * height) / 2, colourless);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), luma, chroma]);
};
