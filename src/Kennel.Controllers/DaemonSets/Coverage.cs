using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>A pod on each node where the set should run, and none elsewhere.</summary>
static class Coverage
{
    public static void Process(Roster roster, Tasks tasks)
    {
        var surges = roster.Bounds().Surge > 0;
        foreach (var (node, place) in roster.Places)
        {
            var there = roster.On(node);
            if (place.Run && there.Count == 0) tasks.Create(node);
            else if (place.Stay) Keep(roster, tasks, node, place, surges);
            else foreach (var pod in there) if (!pod.IsTerminating()) tasks.Delete(pod);
        }
        // A pod that waits for a node that is gone would wait for ever: nobody but us knows for which one it was.
        foreach (var node in roster.Inhabited)
            if (!roster.Places.ContainsKey(node))
                foreach (var pod in roster.On(node)) if (string.IsNullOrEmpty(pod.Spec?.NodeName) && !pod.IsTerminating()) tasks.Delete(pod);
    }

    static void Keep(Roster roster, Tasks tasks, string node, Placement place, bool surges)
    {
        var running = new List<Pod>();
        foreach (var pod in roster.On(node))
        {
            if (pod.IsTerminating()) continue;
            if (pod.IsFinished()) tasks.Replace(pod, node);
            else running.Add(pod);
        }
        if (!surges) foreach (var pod in running.Skip(1)) tasks.Delete(pod);
        else if (running.Count > 1) KeepTwo(roster, tasks, running);
        else if (running.Count == 0 && place.Run) tasks.Create(node);
    }

    /// <summary>During a surge the oldest of the newest revision may stand beside the oldest of another, as long as the latter is of use.</summary>
    static void KeepTwo(Roster roster, Tasks tasks, List<Pod> running)
    {
        var newer = running.FirstOrDefault(p => p.Label(NewPod.HashLabel) == roster.Hash);
        var older = running.FirstOrDefault(p => p.Label(NewPod.HashLabel) != roster.Hash);
        foreach (var pod in running) if (pod != newer && pod != older) tasks.Delete(pod);
        if (newer is not null && older is not null && (!older.IsReady() || roster.IsAvailable(newer))) tasks.Delete(older);
    }
}
