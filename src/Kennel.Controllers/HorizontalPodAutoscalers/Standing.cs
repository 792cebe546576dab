using Kennel.Objects.AutoscalingV2;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>The conditions of an autoscaler as they become in a round; the time of one moves only when its status does.</summary>
sealed class Standing(IReadOnlyList<HorizontalPodAutoscalerCondition> before, DateTimeOffset now)
{
    readonly List<HorizontalPodAutoscalerCondition> _all = [.. before];

    public IReadOnlyList<HorizontalPodAutoscalerCondition> All => _all;

    public void Set(string type, bool value, string reason, string message)
    {
        var status = value ? "True" : "False";
        var at = _all.FindIndex(c => c.Type == type);
        var since = at >= 0 && _all[at].Status == status ? _all[at].LastTransitionTime : now;
        var condition = new HorizontalPodAutoscalerCondition { Type = type, Status = status, Reason = reason, Message = message, LastTransitionTime = since };
        if (at >= 0) _all[at] = condition;
        else _all.Add(condition);
    }

    public void Able(bool value, string reason, string message) => Set("AbleToScale", value, reason, message);

    public void Active(bool value, string reason, string message) => Set("ScalingActive", value, reason, message);

    public void Limited(bool value, string reason, string message) => Set("ScalingLimited", value, reason, message);
}
