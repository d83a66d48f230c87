import { Alert, Autocomplete, Badge, Button, Checkbox, CheckboxIndicator, createTheme, Drawer, InputWrapper, Menu, Modal, MultiSelect, Popover, Radio, Select, TagsInput, Tooltip, type CSSVariablesResolver } from '@mantine/core';

/** What lies on the accent: white by day, nearly black by night. */
const onAccent = (variable: string) => ({ [variable]: 'var(--lc-on-accent)' });

/** What is chosen from scrolls itself: a box around it that scrolls would want the focus for itself, and keys are the field's. */
const list = { defaultProps: { withScrollArea: false }, styles: { options: { maxHeight: 220, overflowY: 'auto' as const } } };

/** The one theme: a neutral scale, one accent, four meanings. Sizes in px, as the design names them. */
export const theme = createTheme({
  fontFamily: '"Inter Variable", ui-sans-serif, system-ui, "Segoe UI", sans-serif',
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 3 },
  autoContrast: true,
  colors: { dark: ['#edeef0', '#b0b4ba', '#9297a0', '#666c76', '#434852', '#33373f', '#272b32', '#1e2127', '#16181d', '#101216'] },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } } },
  shadows: { md: '0 6px 24px rgb(0 0 0 / 14%)', xl: '0 6px 24px rgb(0 0 0 / 14%)' },
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' }, styles: { root: { fontWeight: 500, fontSize: 13 } }, vars: (_, props) => ({ root: !props.variant || props.variant === 'filled' ? onAccent('--button-color') : {} }) }),
    Checkbox: Checkbox.extend({ vars: () => ({ root: onAccent('--checkbox-icon-color') }) }),
    CheckboxIndicator: CheckboxIndicator.extend({ vars: () => ({ indicator: onAccent('--checkbox-icon-color') }) }),
    Radio: Radio.extend({ vars: () => ({ root: onAccent('--radio-icon-color') }) }),
    // Explanations stand under their fields, so that fields side by side are level whether they have one or not.
    InputWrapper: InputWrapper.extend({ defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } }),
    Select: Select.extend(list), MultiSelect: MultiSelect.extend(list), Autocomplete: Autocomplete.extend(list), TagsInput: TagsInput.extend(list),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 4 }, styles: { root: { textTransform: 'none', fontWeight: 500 } } }),
    Alert: Alert.extend({ defaultProps: { variant: 'light' } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 100 }, position: 'bottom-start' } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 100 }, position: 'bottom-start' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: { duration: 100 } } }),
    Modal: Modal.extend({ defaultProps: { transitionProps: { duration: 120 }, overlayProps: { backgroundOpacity: 0.4 } } }),
    Drawer: Drawer.extend({ defaultProps: { transitionProps: { duration: 150 }, overlayProps: { backgroundOpacity: 0.4 } } }),
  },
});

/** What components draw with, in the design's colours; the library's own greys fail AA on white. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c2024',
    '--mantine-color-dimmed': '#60646c',
    '--mantine-color-placeholder': '#6b7079',
    '--mantine-color-default-border': '#cfd3da',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#3b5bdb',
    '--lc-ground': '#f7f8fa',
    '--lc-surface': '#ffffff',
    '--lc-line': '#e3e6eb',
    '--lc-hover': '#f1f3f7',
    '--lc-tint': '#e9edfd',
    '--lc-accent': '#3b5bdb',
    '--lc-on-accent': '#ffffff',
    '--lc-good': '#146c3c',
    '--lc-good-tint': '#e3f5ea',
    '--lc-warning': '#8a4b00',
    '--lc-warning-tint': '#fdf0dc',
    '--lc-bad': '#b42318',
    '--lc-bad-tint': '#fdebe9',
    '--lc-info': '#1f5f8f',
    '--lc-info-tint': '#e4f1fa',
  },
  dark: {
    '--mantine-color-body': '#1e2127',
    '--mantine-color-text': '#edeef0',
    '--mantine-color-dimmed': '#b0b4ba',
    '--mantine-color-placeholder': '#9297a0',
    '--mantine-color-default': '#1e2127',
    '--mantine-color-default-hover': '#2a2e36',
    '--mantine-color-default-border': '#434852',
    '--mantine-color-error': '#ff9c92',
    '--mantine-color-anchor': '#91a7ff',
    '--mantine-color-indigo-light-color': '#91a7ff',
    '--lc-ground': '#16181d',
    '--lc-surface': '#1e2127',
    '--lc-line': '#33373f',
    '--lc-hover': '#272b32',
    '--lc-tint': '#2a3350',
    '--lc-accent': '#91a7ff',
    '--lc-on-accent': '#16181d',
    '--lc-good': '#7fdca4',
    '--lc-good-tint': '#1d3428',
    '--lc-warning': '#ffc078',
    '--lc-warning-tint': '#3a2c18',
    '--lc-bad': '#ff9c92',
    '--lc-bad-tint': '#3f2422',
    '--lc-info': '#8ecbf5',
    '--lc-info-tint': '#1b3140',
  },
});
