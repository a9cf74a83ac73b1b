import react from '@vitejs/plugin-react';
import macros from 'unplugin-parcel-macros';
import { defineConfig, type Plugin, type PluginOption } from 'vite';

const NO_FONTS = '\0landbridge:no-fonts';

/**
 * Leaves out Spectrum's font loader: it fetches from use.typekit.net, which neither our policy nor
 * a closed network allows. page.css names the fonts of the reader's own system instead.
 */
function withoutOutsideFonts(): Plugin {
  return {
    name: 'landbridge:without-outside-fonts',
    enforce: 'pre',
    resolveId(source, importer) {
      const fromSpectrum = importer?.includes('@react-spectrum/s2') ?? false;
      return fromSpectrum && /\/Fonts\.mjs$/.test(source) ? NO_FONTS : null;
    },
    load(id) {
      return id === NO_FONTS ? 'export const Fonts = () => null;' : null;
    },
  };
}

const SPECTRUM_STYLES = /macro-.*\.css$|@react-spectrum[\\/]s2[\\/].*\.css$/;

/** Runs Spectrum's style macros; first, because they must see the sources as they are written. */
const styleMacros = (): PluginOption => macros.vite() as PluginOption;

// Vite reads the default export of this file alone.
export default defineConfig({
  plugins: [styleMacros(), withoutOutsideFonts(), react()],
  build: {
    target: 'es2022',
    cssMinify: 'lightningcss',
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'spectrum', test: SPECTRUM_STYLES }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/sign-in': 'http://127.0.0.1:8080' } },
});
