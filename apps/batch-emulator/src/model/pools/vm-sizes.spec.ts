import { coresOf, maxSlotsOf } from './vm-sizes';

describe('VM sizes', () => {
  it.each([
    ['Standard_A1', 1],
    ['Standard_A9', 16],
    ['Standard_A8_v2', 8],
    ['Standard_D1_v2', 1],
    ['standard_d3_v2', 4],
    ['Standard_DS14_v2', 16],
    ['Standard_D15_v2', 20],
    ['Standard_D2_v3', 2],
    ['Standard_D2s_v3', 2],
    ['Standard_D64ds_v5', 64],
    ['Standard_E64-16s_v3', 16],
    ['Standard_F8s', 8],
    ['Standard_F72s_v2', 72],
    ['Standard_G5', 32],
    ['Standard_HB120rs_v3', 120],
    ['Standard_NC6', 6],
    ['Standard_B2ms', 2],
    ['Basic_A2', 2],
    ['simulated_d4', 4],
    ['simulated_big', 1],
  ])('%s has %i cores', (size, cores) => {
    expect(coresOf(size)).toBe(cores);
  });

  it('allow four task slots per core, at most 256', () => {
    expect([maxSlotsOf('standard_d2_v3'), maxSlotsOf('standard_hb120rs_v3')]).toEqual([8, 256]);
  });
});
