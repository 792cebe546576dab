using Kennel.Controllers.Volumes;

namespace Kennel.Simulation.Machines;

/// <summary>The directories of provisioned volumes, on every machine.</summary>
sealed class SharedDirectories(World world) : IDirectories
{
    public ValueTask<string?> Create(string path, CancellationToken cancel) => default;

    public ValueTask<string?> Remove(string path, CancellationToken cancel)
    {
        world.Truth.Removes(path);
        foreach (var node in world.Nodes) node.Machine.Remove(path);
        return default;
    }
}
