/** Small line icons; always beside or instead of a text that says the same. */
import type { ReactNode } from 'react';

function Icon({ children, size = 15 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      {children}
    </svg>
  );
}

export const Chevron = () => (
  <Icon size={12}>
    <path d="M4 6l4 4 4-4" />
  </Icon>
);
export const Check = () => (
  <Icon>
    <path d="M3 8.5l3.2 3L13 4.5" />
  </Icon>
);
export const Close = () => (
  <Icon size={12}>
    <path d="M4 4l8 8M12 4l-8 8" />
  </Icon>
);
export const Plus = () => (
  <Icon size={12}>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const Calendar = () => (
  <Icon>
    <path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v2.5M10.5 2v2.5" />
  </Icon>
);
export const Download = () => (
  <Icon>
    <path d="M8 2.5v7.5M5 7.5l3 3 3-3M3 13.5h10" />
  </Icon>
);
export const Copy = () => (
  <Icon>
    <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />
  </Icon>
);
export const Sun = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1" />
  </Icon>
);
export const Moon = () => (
  <Icon>
    <path d="M13 9.8A5.6 5.6 0 0 1 6.2 3a5.4 5.4 0 1 0 6.8 6.8z" />
  </Icon>
);
export const Screen = () => (
  <Icon>
    <path d="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />
  </Icon>
);
export const Printer = () => (
  <Icon>
    <path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z" />
  </Icon>
);
export const List = () => (
  <Icon>
    <path d="M5.5 4H13M5.5 8H13M5.5 12H13M2.5 4h.01M2.5 8h.01M2.5 12h.01" />
  </Icon>
);
export const Info = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.3v3.7M8 5h.01" />
  </Icon>
);
export const Door = () => (
  <Icon>
    <path d="M9.5 2.5h4v11h-4M1.5 8h8M7 5.2L9.8 8 7 10.8" />
  </Icon>
);
export const Gateway = () => (
  <Icon>
    <path d="M1.5 8h4M10.5 5H14M10.5 11H14M12.5 3.5L14 5l-1.5 1.5M12.5 9.5L14 11l-1.5 1.5M10.5 5H9L6.5 8 9 11h1.5" />
  </Icon>
);
export const Pause = () => (
  <Icon>
    <path d="M5.5 3.5v9M10.5 3.5v9" />
  </Icon>
);
export const Play = () => (
  <Icon>
    <path d="M5 3.2v9.6L12.5 8z" />
  </Icon>
);
export const LinkIcon = () => (
  <Icon>
    <path d="M6.7 9.3a2.7 2.7 0 0 0 3.8 0l2.2-2.2a2.7 2.7 0 0 0-3.8-3.8l-1 1M9.3 6.7a2.7 2.7 0 0 0-3.8 0L3.3 8.9a2.7 2.7 0 0 0 3.8 3.8l1-1" />
  </Icon>
);
export const Picture = () => (
  <Icon>
    <path d="M2.5 3h11v10h-11zM2.5 11l3.2-3.4 2.6 2.6 2-1.8 3.2 3M10.4 6h.01" />
  </Icon>
);
