using Kennel.Node.Agent;

namespace Kennel.Cli.Nodes;

/// <summary>The nodes of this process: one with containers, or any number of simulated ones.</summary>
interface INodes
{
    /// <summary>What their pods wait for.</summary>
    IEnumerable<PodWaiting> Waiting { get; }

    /// <summary>Until cancelled; fails when pods can't be run here.</summary>
    Task Run(CancellationToken cancel);

    /// <summary>Stops the pods and takes everything that was made for them off the machine.</summary>
    Task Leave();
}
