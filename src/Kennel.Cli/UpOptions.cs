using System.Net;
using Kennel.Objects.Kinds;
using Kennel.Server.Admission;

namespace Kennel.Cli;

/// <summary>What <c>kennel up</c> was asked for.</summary>
/// <param name="KubeconfigFile">Where to write the administrator's kubeconfig besides the data directory, or null.</param>
/// <param name="Simulated">No containers: so many nodes on which pods only seem to run; null for containerd.</param>
/// <param name="LeavePods">Pods go on running after a clean stop, and are taken over by the next start.</param>
public sealed record UpOptions(string DataFolder, IPEndPoint Listen, string? KubeconfigFile, int? Simulated, bool LeavePods)
{
    /// <summary>Where it is written down who asked for what, or null.</summary>
    public string? AuditLog { get; init; }

    /// <summary>A file with bearer tokens and whose they are, or null.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Upstream's feature gates that are on.</summary>
    public Gates Gates { get; init; }

    /// <summary>Which admission plugins are on.</summary>
    public Plugins Plugins { get; init; } = Plugins.Default;
}
