// Copies the fonts that PDFs are typeset with from their npm packages to where the typesetter looks for them.
// One weight of the large families: the signs of Chinese and Japanese alone are 10 MB.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules", "@expo-google-fonts");
const target = join(here, "..", "src", "lacre", "engines", "fonts");

const fonts = {
  caveat: ["400Regular/Caveat_400Regular.ttf"],
  "nanum-gothic": ["400Regular/NanumGothic_400Regular.ttf"],
  "noto-emoji": ["400Regular/NotoEmoji_400Regular.ttf"],
  "noto-naskh-arabic": ["400Regular/NotoNaskhArabic_400Regular.ttf"],
  "noto-sans": ["400Regular/NotoSans_400Regular.ttf", "600SemiBold/NotoSans_600SemiBold.ttf"],
  "noto-sans-devanagari": ["400Regular/NotoSansDevanagari_400Regular.ttf"],
  "noto-sans-hebrew": ["400Regular/NotoSansHebrew_400Regular.ttf"],
  "noto-sans-mono": ["400Regular/NotoSansMono_400Regular.ttf"],
  "noto-sans-sc": ["400Regular/NotoSansSC_400Regular.ttf"],
  "noto-sans-thai": ["400Regular/NotoSansThai_400Regular.ttf"],
  "source-serif-4": ["400Regular/SourceSerif4_400Regular.ttf"],
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, files] of Object.entries(fonts)) {
  for (const file of files) {
    copyFileSync(join(packages, name, file), join(target, file.split("/").pop()));
  }
  copyFileSync(join(packages, name, "LICENSE_FONT"), join(target, `${name}.LICENSE`));
}
