package io.inkstream.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector registers of the processor.
 *
 * <p><b>What to observe in a loop that uses them.</b> The compiler must know the class of every vector, or it allocates an
 * object for each operation, a twentieth of the speed, for the life of the process. So:
 *
 * <ul>
 *   <li>Call the methods of the vector API directly, not through methods of one's own: the compiler always inlines those of the
 *       API, and others only while its limits allow.
 *   <li>Of a vector that a loop carries, it knows the class from profiles only, which may fail. The left operand of every
 *       operation is a vector whose class is certain: one that was loaded, broadcast or zero. What a loop carries stands on
 *       the right, and is added to zero before it is stored.
 * </ul>
 */
final class Registers {

    /** At most 512 bits, so that a panel is a multiple of two vectors. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > Sixteen.LANES
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    /** Elements of a vector: 4, 8 or 16. */
    static final int L = SPECIES.length();

    private Registers() {}
}
