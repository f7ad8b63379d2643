import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drawingOf, type Portrait } from './drawing.ts';

/** Twice what platforms show, for sharp screens. */
const SIDE_IN_PX = 256;
const FONT = 'Alegreya';

type Paint = (portrait: Portrait) => Uint8Array;

/** A process can set the renderer up once. */
let painter: Promise<Paint> | undefined;

/**
 * Draws as PNG; the same portrait gives the same bytes on every machine. The renderer and the font are loaded with the
 * first picture; one takes about 7 ms after that.
 */
export async function paint(portrait: Portrait): Promise<Uint8Array> {
  painter ??= openPainter();
  return (await painter)(portrait);
}

async function openPainter(): Promise<Paint> {
  const [{ initWasm, Resvg }, renderer, font] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))),
    readFile(fileURLToPath(import.meta.resolve('@expo-google-fonts/alegreya/700Bold/Alegreya_700Bold.ttf'))),
  ]);
  await initWasm(renderer);
  return (portrait) => {
    const renderable = new Resvg(drawingOf(portrait, FONT), {
      fitTo: { mode: 'width', value: SIDE_IN_PX },
      font: { fontBuffers: [font], loadSystemFonts: false },
    });
    const image = renderable.render();
    try {
      return image.asPng();
    } finally {
      // Its memory is no garbage collector's.
      image.free();
      renderable.free();
    }
  };
}
