using Kennel.Client;
using Kennel.Node.Runtime;
using Kennel.Objects;
using Kennel.Simulation.Machines;

namespace Kennel.Simulation.Checks;

/// <summary>One promise that holds at every step. It sees what became durable and what machines did, and fails the run.</summary>
interface ICheck
{
    /// <param name="before">Null for a new object.</param>
    /// <param name="after">Null for one that is gone.</param>
    void Changed(IObject? before, IObject? after, long revision) { }

    /// <summary>A client got an answer.</summary>
    void Acknowledged(ApiCall call, ApiAnswer answer) { }

    /// <summary>A container runs.</summary>
    void Runs(Machine machine, PodIdentity pod, string container) { }

    /// <summary>A container that just began read its counter in a volume.</summary>
    void Reads(Machine machine, PodIdentity pod, string volume, long value) { }

    /// <summary>A container wrote its counter, and it is on the disk.</summary>
    void Wrote(PodIdentity pod, string volume, long value) { }

    /// <summary>A volume's directory is about to be removed.</summary>
    void Removes(string volume) { }
}
