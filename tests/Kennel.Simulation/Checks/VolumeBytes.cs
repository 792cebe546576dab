using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using Kennel.Simulation.Machines;

namespace Kennel.Simulation.Checks;

/// <summary>What a container has written and synced, every later one finds; and a directory isn't removed while its claim lives.</summary>
sealed class VolumeBytes(World world) : ICheck
{
    readonly SortedDictionary<string, long> _written = new(StringComparer.Ordinal);

    public void Reads(Machine machine, PodIdentity pod, string volume, long value)
    {
        var written = _written.GetValueOrDefault(volume);
        if (value < written) world.Loop.Fail($"{pod.Name} on {machine.Name} reads {value} in {volume}, but {written} was written there");
    }

    public void Wrote(PodIdentity pod, string volume, long value)
    {
        if (value < _written.GetValueOrDefault(volume)) world.Loop.Fail($"{pod.Name} writes {value} into {volume}, but {_written[volume]} was written there");
        _written[volume] = value;
    }

    public void Removes(string volume)
    {
        foreach (var claim in world.Truth.All<PersistentVolumeClaim>())
            if (volume.Contains(claim.Metadata.Uid!, StringComparison.Ordinal)) world.Loop.Fail($"{volume} is removed although claim {claim.Metadata.Name} is there");
        _written.Remove(volume);
    }
}
