namespace Kennel.Node.Volumes;

/// <summary>Where things of a pod lie below the data folder.</summary>
public sealed record VolumePaths(string DataFolder)
{
    public string Pod(string uid) => $"{DataFolder}/pods/{uid}";

    public string Volume(string uid, string plugin, string name) => $"{Pod(uid)}/volumes/{plugin}/{name}";

    public string Hosts(string uid) => $"{Pod(uid)}/etc-hosts";

    public string TerminationMessage(string uid, string container, uint attempt) => $"{Pod(uid)}/containers/{container}/{attempt}";

    public string Logs(string space, string name, string uid) => $"{DataFolder}/logs/{space}_{name}_{uid}";

    /// <summary>Relative to <see cref="Logs"/>.</summary>
    public static string LogFile(string container, uint attempt) => $"{container}/{attempt}.log";
}

/// <summary>A volume that is ready to be mounted into containers.</summary>
/// <param name="SubPathsAllowed">False for a single file or device.</param>
public sealed record Place(string HostPath, bool ReadOnly = false);

/// <summary>A volume can't be had (yet). The message is the FailedMount event's.</summary>
public sealed class VolumeException(string message) : Exception(message);
