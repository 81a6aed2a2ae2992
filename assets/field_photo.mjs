// A photo made small before it goes over a bad network: 1600 px, upright, and without what the camera wrote into it.

const LONGEST_PX = 1600;
const QUALITY = 0.8;

/** The size a picture is sent in. */
export function fitted(width, height, longest = LONGEST_PX) {
  const share = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

/** A picture as JPEG; one this browser cannot open goes as it is, for the server makes it anew anyway. */
export async function shrunk(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const [width, height] = fitted(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  picture.close();
  const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  return made ?? file;
}
