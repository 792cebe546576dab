using System.Collections.Immutable;
using Kennel.Controllers.Scheduling.Filters;

namespace Kennel.Controllers.Scheduling;

/// <summary>Goes through the nodes until enough of them fit, and remembers what the others said.</summary>
sealed class Search
{
    readonly Trial _trial;
    readonly List<Objection> _why = [];

    public Search(Trial trial) => _trial = trial;

    public List<Room> Fitting { get; } = [];

    /// <summary>For each that fits: what is to be written for the pod's claims.</summary>
    public List<ImmutableArray<VolumePlan>> Plans { get; } = [];

    public Reasons Reasons { get; } = new();

    /// <summary>Rooms that might fit without some of their guests.</summary>
    public List<Room> Changeable { get; } = [];

    /// <summary>How many nodes were looked at.</summary>
    public int Looks { get; private set; }

    public bool Try(Room room)
    {
        if (room.Node is null) return false;
        Looks++;
        _why.Clear();
        var plans = _trial.Against(room, _why);
        if (_why.Count == 0)
        {
            Fitting.Add(room);
            Plans.Add(plans);
            return true;
        }
        Reasons.Add(_why);
        if (!_why.Exists(w => w.Final)) Changeable.Add(room);
        return false;
    }

    /// <summary>All rooms from a start on, until enough fit.</summary>
    /// <returns>Where the next search should start, so that all get their turn.</returns>
    public int Around(IReadOnlyList<Room> rooms, int start, int enough)
    {
        if (rooms.Count == 0) return 0;
        var i = 0;
        for (; i < rooms.Count && Fitting.Count < enough; i++) Try(rooms[(start + i) % rooms.Count]);
        return (start + i) % rooms.Count;
    }
}
