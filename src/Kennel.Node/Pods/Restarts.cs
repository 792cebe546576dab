using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>Whether a container that ended is started again.</summary>
public static class Restarts
{
    public const string Always = "Always", OnFailure = "OnFailure", Never = "Never";

    /// <summary>A restartable init container.</summary>
    public static bool IsSidecar(Container init) => init.RestartPolicy == Always;

    public static bool After(PodSpec pod, Container container, RuntimeContainer? last)
    {
        if (last is null || last.Phase is not ContainerPhase.Exited) return true;
        if (Rule(container, last.ExitCode)) return true;
        return (container.RestartPolicy ?? pod.RestartPolicy ?? Always) switch { Never => false, OnFailure => last.ExitCode != 0, _ => true };
    }

    /// <summary>Init containers run until they succeed: Always means OnFailure for them.</summary>
    public static bool AfterInit(PodSpec pod, Container init, RuntimeContainer last) =>
        IsSidecar(init) || last.ExitCode != 0 && ((init.RestartPolicy ?? pod.RestartPolicy) != Never || Rule(init, last.ExitCode));

    static bool Rule(Container container, int exitCode)
    {
        foreach (var rule in container.RestartPolicyRules)
        {
            if (rule.Action != "Restart" || rule.ExitCodes is not { } codes) continue;
            if (codes.Values.Contains(exitCode) == (codes.Operator == "In")) return true;
        }
        return false;
    }
}
