/** Gives a text to the person as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: some browsers ask the person first where to put it.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
