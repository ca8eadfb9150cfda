// @ts-check
/** Parts of the friendly names that members get until they choose one. */
export const nameWords = {
  colors: [
    'Amber', 'Azure', 'Cobalt', 'Coral', 'Crimson', 'Emerald', 'Golden', 'Hazel', 'Indigo', 'Ivory', 'Jade', 'Lilac',
    'Mauve', 'Ochre', 'Olive', 'Rose', 'Russet', 'Saffron', 'Scarlet', 'Sepia', 'Silver', 'Teal', 'Umber', 'Violet',
  ],
  animals: [
    'Badger', 'Crane', 'Curlew', 'Deer', 'Falcon', 'Finch', 'Fox', 'Hare', 'Heron', 'Ibis', 'Jay', 'Kestrel', 'Lark',
    'Lynx', 'Marten', 'Otter', 'Owl', 'Plover', 'Puffin', 'Robin', 'Stoat', 'Swallow', 'Swift', 'Wren',
  ],
};
