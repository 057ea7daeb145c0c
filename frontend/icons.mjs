// The icons that pages use, by their names in the set; the build fails on one that it does not have.
export const icons = [
  "archive", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "badge-check", "ban", "bell", "calendar", "camera", "check",
  "chevron-down", "chevron-left", "chevron-right", "circle-alert", "circle-check", "circle-dashed", "circle-help",
  "circle-pause", "circle-play", "circle-x", "clipboard", "clock", "copy", "download", "ellipsis", "external-link",
  "eye", "file-check", "file-text", "file-x", "files", "filter", "fingerprint", "history", "hourglass", "house", "image-up",
  "inbox", "info", "key-round", "keyboard", "languages", "link", "lock", "lock-open", "log-out", "mail", "map-pin", "menu",
  "minus", "paperclip", "pen-line", "pen-tool", "plus", "refresh-cw", "rotate-ccw", "search", "send", "settings", "shield-alert",
  "shield-check", "smartphone", "square-check", "stamp", "text-cursor", "trash-2", "triangle-alert", "type", "undo-2", "upload",
  "user", "users", "webhook", "wifi-off", "x", "zoom-in", "zoom-out",
];
