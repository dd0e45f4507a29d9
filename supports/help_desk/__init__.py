"""The help desk: a pair or a citizen asks, KPU answers, both see the thread; frequent answers become public pages."""
